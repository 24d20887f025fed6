// Labels with QR codes for the chosen assets: a scan opens a new ticket of the chosen type.
import { Button, Modal, Select } from 'antd'
import { useState } from 'react'
import { labelsUrl } from '../../api/records'
import { useTypes } from '../../api/queries'
import { t, words } from '../../i18n/t'
import { Labelled } from '../people/EditBox'

export function PrintLabels({ numbers, close }: { numbers: string[]; close: () => void }) {
  const types = useTypes()
  const [type, setType] = useState<string | null>(null)
  const items = types.data?.items ?? []
  const chosen = type ?? items[0]?.key
  return (
    <Modal
      open
      onCancel={close}
      title={t('records.labels', { n: numbers.length })}
      footer={
        <Button type="primary" href={chosen ? labelsUrl(chosen, numbers) : undefined} target="_blank" rel="noreferrer" disabled={!chosen} onClick={close}>
          {t('records.openSheet')}
        </Button>
      }
    >
      <Labelled label={t('records.labelType')} help={t('records.labelWhat')}>
        {(named) => <Select {...named} style={{ width: '100%' }} value={chosen} onChange={setType} options={items.map((one) => ({ value: one.key, label: words(one.name) || one.key }))} />}
      </Labelled>
    </Modal>
  )
}
