// A Chinese resident identity number (GB 11643-1999): its birthday and its check digit.

export function isIdNumber(typed: string): boolean {
  const number = typed.trim().toUpperCase()
  if (!/^[1-9]\d{5}(18|19|20)\d{9}[\dX]$/.test(number)) return false
  const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)]
  const birthday = new Date(`${year}-${month}-${day}T00:00:00Z`)
  if (Number.isNaN(birthday.getTime()) || birthday.toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return false
  const total = [...number.slice(0, 17)].reduce((sum, digit, place) => sum + Number(digit) * (2 ** (17 - place) % 11), 0)
  return '10X98765432'[total % 11] === number[17]
}
