import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { Conversation } from '../../src/lib/conversation/conversation.svelte'
import { sentenceOf } from '../../src/lib/turn/failures'
import { type Mock, createMock } from '../mock/server'

/** What `sessionStorage` does, without a browser. */
class TabStorage implements Storage {
  #items = new Map<string, string>()
  get length(): number {
    return this.#items.size
  }
  clear(): void {
    this.#items.clear()
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null
  }
  removeItem(key: string): void {
    this.#items.delete(key)
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value)
  }
}

let server: Mock
let url: string
let storage: TabStorage

beforeAll(async () => {
  server = createMock({ speed: 50 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

beforeEach(() => {
  storage = new TabStorage()
  server.requests.length = 0
})

it('sends the thread of the first answer with the next question', async () => {
  const conversation = new Conversation(storage, url)
  await conversation.ask('How many loans in total?')
  await conversation.ask('Which branches lend the most?')
  expect(server.requests).toEqual([
    { question: 'How many loans in total?', thread_id: null },
    { question: 'Which branches lend the most?', thread_id: 'thread-19c2' },
  ])
  expect(conversation.turns.map(({ phase }) => phase)).toEqual(['answered', 'answered'])
})

it('answers a clarification with the run and the option', async () => {
  const conversation = new Conversation(storage, url)
  await conversation.ask('How many active members?')
  const turn = conversation.current
  const option = turn?.clarification?.options[1]
  if (!turn || !option) throw new Error('no clarification')
  await conversation.resume(turn, option)
  expect(server.requests[1]).toEqual({
    question: 'How many active members?',
    thread_id: 'thread-19c2',
    resume: { run_id: 'run-7f3a', option_id: 'visit' },
  })
  expect(conversation.turns).toHaveLength(1)
  expect(conversation.current?.text).toContain('visit')
})

it('takes one question at a time', async () => {
  const conversation = new Conversation(storage, url)
  const first = conversation.ask('How many loans in total?')
  await conversation.ask('Which branches lend the most?')
  await first
  expect(server.requests).toHaveLength(1)
})

it('stops when told to, and takes the next question', async () => {
  const conversation = new Conversation(storage, url)
  const asking = conversation.ask('How many loans each month?')
  await new Promise((resolve) => setTimeout(resolve, 15))
  await conversation.stop()
  await asking
  expect(conversation.current?.phase).toBe('stopped')
  await conversation.ask('How many loans in total?')
  expect(conversation.current?.phase).toBe('answered')
})

it.each([
  ['vanish', 'unreachable', 'cannot be reached'],
  ['????', 'unusable_question', 'Ask in a sentence'],
])('says in plain words why %j has no answer', async (question, code, words) => {
  const conversation = new Conversation(storage, url)
  await conversation.ask(question)
  expect(conversation.current?.phase).toBe('failed')
  expect(conversation.current?.failure?.code).toBe(code)
  const failure = conversation.current?.failure
  expect(failure && sentenceOf(failure)).toContain(words)
})

it('says so when the service is away, and asks again in the same place', async () => {
  const away = new Conversation(storage, 'http://127.0.0.1:9')
  await away.ask('How many loans in total?')
  expect(away.current?.failure?.code).toBe('unreachable')

  const back = new Conversation(storage, url)
  const [turn] = back.turns
  if (!turn) throw new Error('the turn was not kept')
  await back.retry(turn)
  expect(back.turns.map(({ phase }) => phase)).toEqual(['answered'])
})

it('takes up a stream that was cut after its last event, each event once', async () => {
  const conversation = new Conversation(storage, url)
  await conversation.ask('cut it')
  expect(conversation.current?.phase).toBe('answered')
  expect(conversation.current?.text).toBe('Back with **1,284,303 loans**.')
  expect(conversation.current?.steps.filter(({ name }) => name === 'retrieve_context')).toHaveLength(2)
  expect(server.requests).toHaveLength(1)
})

it('keeps the conversation across a reload and follows the run that was under way', async () => {
  const conversation = new Conversation(storage, url)
  await conversation.ask('How many loans in total?')
  const running = conversation.ask('How many loans each month?')
  await new Promise((resolve) => setTimeout(resolve, 15))

  const reloaded = new Conversation(storage, url)
  expect(reloaded.threadId).toBe('thread-19c2')
  expect(reloaded.turns.map(({ phase }) => phase)).toEqual(['answered', 'asking'])
  await reloaded.takeUp()
  expect(reloaded.current?.phase).toBe('answered')
  expect(reloaded.current?.text).toContain('1,284,303 loans')
  expect(reloaded.current?.steps).toHaveLength(8)
  expect(server.requests).toHaveLength(2)
  await running
})

it('begins a new thread after a new chat, even one begun in mid-run', async () => {
  const conversation = new Conversation(storage, url)
  await conversation.ask('How many loans in total?')
  const running = conversation.ask('How many loans each month?')
  conversation.clear()
  await running
  expect(conversation.turns).toEqual([])
  expect(new Conversation(storage, url).turns).toEqual([])
  await conversation.ask('How many loans in total?')
  expect(server.requests.at(-1)).toEqual({ question: 'How many loans in total?', thread_id: null })
})

it('begins empty where what was kept cannot be read', () => {
  storage.setItem('vtion.conversation.2', '{broken')
  expect(new Conversation(storage, url).turns).toEqual([])
})
