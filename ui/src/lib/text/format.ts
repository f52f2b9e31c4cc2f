/** Numbers, durations and dates as the reader's locale writes them. */
import type { Cell } from '../api/schemas'
import { numberLocale, textLocale } from '../preferences/preferences.svelte'
import { words } from '../strings/language.svelte'

const UTC = { timeZone: 'UTC' } as const

const NUMBERS = {
  whole: { maximumFractionDigits: 0 },
  exact: { maximumFractionDigits: 2 },
  compact: { notation: 'compact', maximumSignificantDigits: 3 },
} as const satisfies Record<string, Intl.NumberFormatOptions>

const TIMES = {
  day: { ...UTC, day: 'numeric', month: 'short', year: 'numeric' },
  month: { ...UTC, month: 'short', year: 'numeric' },
  hour: { ...UTC, day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' },
  second: { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', second: '2-digit' },
  moment: { day: 'numeric', month: 'short', year: 'numeric', hour: 'numeric', minute: '2-digit' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

/** Building a format costs far more than using it. */
function built<Format extends Intl.NumberFormat | Intl.DateTimeFormat>(
  key: string,
  build: () => Format,
): Format {
  const known = formats.get(key) as Format | undefined
  if (known) return known
  const format = build()
  formats.set(key, format)
  return format
}

function number(kind: keyof typeof NUMBERS): Intl.NumberFormat {
  const locale = numberLocale()
  return built(`${kind} ${locale}`, () => new Intl.NumberFormat(locale, NUMBERS[kind]))
}

function time(kind: keyof typeof TIMES): Intl.DateTimeFormat {
  const locale = textLocale()
  return built(`${kind} ${locale}`, () => new Intl.DateTimeFormat(locale, TIMES[kind]))
}

export function formatCount(value: number): string {
  return number('whole').format(value)
}

/** `12,345.68`, with its unit where there is one: `12.5%`, `30 minutes`, `₹400`. */
export function formatNumber(value: number, unit = ''): string {
  return withUnit(number('exact').format(value), words().unit(unit, value))
}

/** For axes, where room is short: `1.23M` or `12.3L`, `38%`, `₹1.23M`. */
export function formatCompact(value: number, unit = ''): string {
  const figure = Math.abs(value) < 1000 ? number('exact') : number('compact')
  return withUnit(figure.format(value), unit.length === 1 ? unit : '')
}

/** `$0.0042`: as small as a single question's cost. */
export function formatCost(dollars: number): string {
  return `$${dollars.toFixed(4)}`
}

/** `<1 ms`, `240 ms`, `1.5 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  const { ms, s, min } = words().duration
  if (milliseconds < 1) return `<1 ${ms}`
  const seconds = milliseconds / 1000
  if (seconds < 0.95) return `${String(Math.round(milliseconds))} ${ms}`
  if (seconds < 9.95) return `${seconds.toFixed(1)} ${s}`
  if (seconds < 59.5) return `${String(Math.round(seconds))} ${s}`
  const minutes = Math.floor(Math.round(seconds) / 60)
  return `${String(minutes)} ${min} ${String(Math.round(seconds) % 60)} ${s}`
}

/** `512 B`, `1.5 MB`: thousands, as warehouses bill. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const figure = Number((bytes / 1000 ** power).toPrecision(3))
  return `${number('exact').format(figure)} ${units[power] ?? ''}`
}

/** An ISO date, or a date-time of which only the day is shown. */
export function formatDay(isoTime: string): string {
  return formatTime('day', isoTime, `${isoTime.slice(0, 10)}T00:00:00Z`)
}

/** `Mar 2025`. */
export function formatMonth(isoTime: string): string {
  return formatTime('month', isoTime, `${isoTime.slice(0, 7)}-01T00:00:00Z`)
}

/** `3 Mar, 14:00`. */
export function formatHour(isoTime: string): string {
  return formatTime('hour', isoTime, `${isoTime.slice(0, 10)}T${isoTime.slice(11, 16)}Z`)
}

/** `3 Mar 2025, 14:05` on the reader's own clock: for what happened in the service. */
export function formatMoment(isoTime: string): string {
  return formatTime('moment', isoTime, isoTime)
}

/** `3 Mar, 14:05:09` on the reader's own clock: for lines of a log. */
export function formatSecond(isoTime: string): string {
  return formatTime('second', isoTime, isoTime)
}

function formatTime(kind: keyof typeof TIMES, isoTime: string, readable: string): string {
  const date = new Date(readable)
  return Number.isNaN(date.getTime()) ? isoTime : time(kind).format(date)
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

function withUnit(figure: string, unit: string): string {
  if (!unit) return figure
  if (/^\p{Sc}$/u.test(unit)) return `${unit}${figure}`
  return unit === '%' ? `${figure}%` : `${figure} ${unit}`
}

/** Grouped figures of a text, grouped as this reader groups: `1,284,303` or `12,84,303`. */
export function localizeFigures(text: string): string {
  return text.replace(/(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])/g, (figure) =>
    formatCount(Number(figure.replaceAll(',', ''))),
  )
}
