// Why a step went to whom it went: the rule that hit, each candidate's figures, why the others lost.
import { type Candidate, type Choice, useAssignments } from '../../api/assignments'
import { known, t } from '../../i18n/t'
import { Chip } from '../../ui/bits'
import { when } from '../../ui/time'

const SHOWN = 8

export function Assignment({ number }: { number: string }) {
  const { data } = useAssignments(number)
  if (!data?.items.length) return null
  return (
    <section className="card p16 col g12">
      <h3 className="t14">{t('work.why')}</h3>
      {data.items.map((choice) => (
        <Why key={choice.id} choice={choice} />
      ))}
    </section>
  )
}

function Why({ choice }: { choice: Choice }) {
  const { rule, demand, candidates, problem } = choice.explanation
  const name = (username: string) => choice.names[username] ?? username
  const skills = Object.entries(demand?.skills ?? {}).map(([key, level]) => `${key} ${level}`)
  return (
    <div className="col g8">
      <div className="row g8 wrap">
        <b>{choice.name}</b>
        {choice.chosen ? <span>{name(choice.chosen)}</span> : <Chip tone="amber">{t('work.fallback')}</Chip>}
        {demand && <Chip>{known(`work.strategy.${demand.strategy}`) ?? demand.strategy}</Chip>}
        <span className="cap">{when(choice.at)}</span>
      </div>
      {problem && <p className="t13 ink2">{known(`work.problem.${problem.code}`) ?? problem.code}</p>}
      {rule?.tables.flatMap((table) =>
        table.rules.map((hit) => (
          <p key={table.table + hit.rule} className="t13 ink2">
            {t('work.rule', { table: table.table, rule: hit.rule, cells: hit.cells.map((cell) => `${cell.input} ${cell.value}`).join(t('list.comma')) })}
          </p>
        )),
      )}
      {!!skills.length && <p className="t13 ink2">{t('work.skills', { skills: skills.join(t('list.comma')) })}</p>}
      <ul className="col g8">
        {candidates.slice(0, SHOWN).map((one) => (
          <li key={one.username} className="row g8 wrap">
            <span>{name(one.username)}</span>
            <span className="cap">{figures(one)}</span>
            <span className="t13 ink2">{reason(one, name)}</span>
          </li>
        ))}
      </ul>
      {candidates.length > SHOWN && <p className="cap">{t('work.more', { count: candidates.length - SHOWN })}</p>}
    </div>
  )
}

function figures(one: Candidate): string {
  const said = [t('work.load', { load: one.load })]
  if (one.score !== null) said.unshift(t('work.score', { score: Math.round(one.score) }))
  return said.join(t('list.comma'))
}

function reason(one: Candidate, name: (username: string) => string): string {
  const said = known(`work.outcome.${one.outcome}`, one.params) ?? one.outcome
  return one.stands_in_for ? `${said}${t('list.comma')}${t('work.standsIn', { who: name(one.stands_in_for) })}` : said
}
