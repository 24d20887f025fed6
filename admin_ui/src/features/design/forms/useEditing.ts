// Every change that the designer makes, as new texts of the draft's files.
import { useMemo } from 'react'
import type { FieldDoc, FormDoc } from '../../../api/types'
import { renamedAccess } from './access'
import { changeField, renameField } from './document'
import type { Texts } from './history'
import { patched } from './jsonText'

export interface Editing {
  texts: Texts
  setTexts: (texts: Texts) => void
  /** Puts a new document in place; `what` joins edits of one thing in a row, `pick` is the field to pick after it. */
  change: (form: FormDoc, what?: string, pick?: string) => void
  changeField: (key: string, settings: Partial<FieldDoc>, what: string) => void
  rename: (from: string, to: string) => void
}

/** The document of a text, or why it is none. */
export function readForm(text: string): { form: FormDoc | null; wrong: string | null } {
  try {
    const form = JSON.parse(text) as FormDoc
    const isForm = typeof form === 'object' && form !== null && Array.isArray(form.fields) && form.fields.every((field) => typeof field?.key === 'string' && typeof field.kind === 'string')
    return { form: isForm ? form : null, wrong: null }
  } catch (error) {
    return { form: null, wrong: error instanceof Error ? error.message : '' }
  }
}

export function useEditing(path: string, form: FormDoc | null, texts: Texts, set: (texts: Texts, merge?: string) => void, pick: (field: string) => void): Editing {
  return useMemo(() => {
    const change = (next: FormDoc, what?: string, picked?: string) => {
      if (next !== form) set({ [path]: patched(texts[path]!, next) }, what)
      if (picked) pick(picked)
    }
    return {
      texts,
      setTexts: (next) => set(next),
      change,
      changeField: (key, settings, what) => form && change(changeField(form, key, settings), `${key}.${what}`),
      rename: (from, to) => {
        if (!form) return
        set({ [path]: patched(texts[path]!, renameField(form, from, to)), ...renamedAccess(texts, form.key, from, to) })
        pick(to)
      },
    }
  }, [path, form, texts, set, pick])
}
