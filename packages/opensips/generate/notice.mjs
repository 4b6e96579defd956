/** First line of every generated file. */
export const notice = '// Generated from catalogue/ by `npm run generate`; changes made here are lost.'
