// Changes that the designer makes of several smaller ones: one step back each.
import type { Part } from './parts'

export interface TextChange {
  before: string
  after: string
  write: (text: string) => void
}

/** Runs smaller changes as one. */
class Together {
  preExecute({ run }: { run: () => void }) {
    run()
  }
}

/** Changes the text of another file of the draft along with the diagram. */
class OtherText {
  execute({ after, write }: TextChange) {
    write(after)
    return []
  }
  revert({ before, write }: TextChange) {
    write(before)
    return []
  }
}

function Commands(commandStack: { registerHandler(name: string, handler: unknown): void }) {
  commandStack.registerHandler('designer.together', Together)
  commandStack.registerHandler('designer.text', OtherText)
}
Commands.$inject = ['commandStack']

export const commandsModule = { __init__: ['designerCommands'], designerCommands: ['type', Commands] }

/** Everything that `run` changes is undone and redone at once. */
export function together<T>(part: Part, run: () => T): T {
  let result: T
  part('commandStack').execute('designer.together', { run: () => void (result = run()) })
  return result!
}

export const changeText = (part: Part, change: TextChange): void => part('commandStack').execute('designer.text', change)
