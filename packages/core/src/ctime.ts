const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Local time as C's `ctime` prints it, without its newline: `Wed Feb 20 13:37:25 2019`. */
export function ctime(date: Date): string {
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'))
  const day = String(date.getDate()).padStart(2)
  return `${days[date.getDay()]} ${months[date.getMonth()]} ${day} ${time.join(':')} ${date.getFullYear()}`
}
