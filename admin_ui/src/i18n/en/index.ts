// Every text of the interface in this language, a file an area.
import base from './base.json'
import approvals from './approvals.json'
import designer from './designer.json'
import formDesigner from './formDesigner.json'
import notify from './notify.json'
import people from './people.json'
import portal from './portal.json'
import records from './records.json'
import rules from './rules.json'
import sla from './sla.json'
import tryIt from './tryIt.json'
import versions from './versions.json'
import work from './work.json'

export default { ...base, ...approvals, ...designer, ...formDesigner, ...notify, ...people, ...portal, ...records, ...rules, ...sla, ...tryIt, ...versions, ...work }
