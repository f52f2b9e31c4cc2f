/** `?a=1&b=2` of what is given; what is empty is left out. */
export function queryOf(wanted: Record<string, string | null | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(wanted)) if (value) query.set(name, value)
  const text = query.toString()
  return text ? `?${text}` : ''
}
