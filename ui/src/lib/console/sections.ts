/** The rooms of the console and who may enter them; the service decides again on every request. */
import type { Role } from '../session/session.svelte'

export const SECTIONS = [
  'runs', 'usage', 'feedback', 'logs', 'audit', 'model', 'context', 'verified', 'prompts', 'evals',
] as const

export type Section = (typeof SECTIONS)[number]

const REVIEW: Role[] = ['prompt_engineer', 'evaluator']
const ROLES: Partial<Record<Section, Role[]>> = {
  runs: REVIEW,
  feedback: REVIEW,
  context: REVIEW,
  verified: REVIEW,
  prompts: ['prompt_engineer'],
  evals: REVIEW,
}

/** What one of these roles may see; an admin may see all. */
export function sectionsFor(roles: readonly Role[]): Section[] {
  if (roles.includes('admin')) return [...SECTIONS]
  return SECTIONS.filter((section) => ROLES[section]?.some((role) => roles.includes(role)))
}
