/** What the completion scripts call `mi` with; nobody types it. */
export const completeWord = '__complete'
