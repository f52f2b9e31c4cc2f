// Drives `POST /agent` with AG-UI's own client and prints what it made of the stream.
// `node ui/tests/agent/ask.mjs URL QUESTION...`: the questions go to one conversation.
import { HttpAgent } from '@ag-ui/client'

const [url, ...questions] = process.argv.slice(2)
const agent = new HttpAgent({ url, threadId: 'agent-test' })
const told = []

for (const [number, question] of questions.entries()) {
  const events = []
  agent.messages.push({ id: `question-${number}`, role: 'user', content: question })
  await agent.runAgent({}, { onEvent: ({ event }) => void events.push(event.type) })
  told.push({ events, messages: agent.messages.map(({ role, content }) => ({ role, content })) })
}
console.log(JSON.stringify(told))
