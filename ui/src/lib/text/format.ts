/** Numbers, durations and dates as the reader's locale writes them. */
import type { Cell } from '../api/schemas'
import { en } from '../strings/en'

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const exact = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 })
const compact = new Intl.NumberFormat(undefined, {
  notation: 'compact',
  maximumFractionDigits: 1,
})
const month = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const hour = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
  timeZone: 'UTC',
})
const day = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})

export function formatCount(value: number): string {
  return whole.format(value)
}

/** `12,345.68`, with its unit where there is one: `12.5%`, `30 minutes`, `₹400`. */
export function formatNumber(value: number, unit = ''): string {
  return withUnit(exact.format(value), en.unit(unit, value))
}

/** For axes, where room is short: `1.2M`, `38%`, `₹1.2M`. */
export function formatCompact(value: number, unit = ''): string {
  return withUnit(compact.format(value), unit.length === 1 ? unit : '')
}

/** `<1 ms`, `240 ms`, `1.5 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) return '<1 ms'
  const seconds = milliseconds / 1000
  if (seconds < 0.95) return `${String(Math.round(milliseconds))} ms`
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  if (seconds < 59.5) return `${String(Math.round(seconds))} s`
  const minutes = Math.floor(Math.round(seconds) / 60)
  return `${String(minutes)} min ${String(Math.round(seconds) % 60)} s`
}

/** `512 B`, `1.5 MB`: thousands, as warehouses bill. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${exact.format(Number((bytes / 1000 ** power).toPrecision(3)))} ${units[power] ?? ''}`
}

/** An ISO date, or a date-time of which only the day is shown. */
export function formatDay(isoTime: string): string {
  return formatTime(day, isoTime, `${isoTime.slice(0, 10)}T00:00:00Z`)
}

/** `Mar 2025`. */
export function formatMonth(isoTime: string): string {
  return formatTime(month, isoTime, `${isoTime.slice(0, 7)}-01T00:00:00Z`)
}

/** `3 Mar, 14:00`. */
export function formatHour(isoTime: string): string {
  return formatTime(hour, isoTime, `${isoTime.slice(0, 10)}T${isoTime.slice(11, 16)}Z`)
}

function formatTime(format: Intl.DateTimeFormat, isoTime: string, readable: string): string {
  const date = new Date(readable)
  return Number.isNaN(date.getTime()) ? isoTime : format.format(date)
}

/** A cell of a table: numbers by locale, midnight times as days, nothing for null. */
export function formatCell(value: Cell, unit = ''): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'number') return formatNumber(value, unit)
  return isDay(value) ? formatDay(String(value)) : String(value)
}

function isDay(value: string | boolean): boolean {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?)?$/.test(value)
}

function withUnit(number: string, unit: string): string {
  if (!unit) return number
  if (/^\p{Sc}$/u.test(unit)) return `${unit}${number}`
  return unit === '%' ? `${number}%` : `${number} ${unit}`
}
