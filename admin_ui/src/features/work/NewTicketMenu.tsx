// From work to a new ticket: choose its type, then the same form as in the portal.
import { Modal } from 'antd'
import { Link } from 'react-router'
import { useTypes } from '../../api/queries'
import { t, words } from '../../i18n/t'
import { Empty, icon18, Loading } from '../../ui/bits'
import { typeIcon } from '../../ui/icons'

export function NewTicketMenu({ open, close }: { open: boolean; close: () => void }) {
  const { data } = useTypes()
  return (
    <Modal open={open} onCancel={close} footer={null} title={t('work.new')} width={480}>
      {!data ? (
        <Loading />
      ) : !data.items.length ? (
        <Empty title={t('home.noTypes')} text={t('home.noTypesWhat')} />
      ) : (
        <ul className="choose-type">
          {data.items.map((type) => {
            const Icon = typeIcon(type.icon)
            return (
              <li key={type.key}>
                <Link to={`/p/new/${encodeURIComponent(type.key)}`} className="choose-type-link">
                  <Icon {...icon18} color="var(--brand)" />
                  <span className="col">
                    <b className="t13">{words(type.name)}</b>
                    <span className="cap">{words(type.description)}</span>
                  </span>
                </Link>
              </li>
            )
          })}
        </ul>
      )}
    </Modal>
  )
}
