import type { ClientTransport } from '@mi/contract'

/** A client transport that shows what passes: requests as they are sent, answers as they arrive. */
export function printed(transport: ClientTransport, print: (line: string) => void): ClientTransport {
  return {
    name: transport.name,
    async request(message) {
      print(`-> ${message.text}`)
      const answer = await transport.request(message)
      if (answer !== null) print(`<- ${answer.trim()}`)
      return answer
    },
    close: () => transport.close(),
  }
}
