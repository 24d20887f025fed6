// Where approvals stand: on the working side, or in the portal for people who only approve.
import { useLocation } from 'react-router'

export const useBase = (): string => (useLocation().pathname.startsWith('/p/') ? '/p/approvals' : '/approvals')
