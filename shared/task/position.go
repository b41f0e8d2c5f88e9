package task

import "strings"

// Positions are order keys of fractional indexing, compatible with the npm package of that name: base 62, an integer
// part whose first character gives its length ("a0", "a1", … "az", "b00", …), then a fraction that never ends in 0.
// There is always another key between two of them, so moving a task changes no other task.
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// MaxPosition is the maximal length of an order key.
const MaxPosition = 200

// integerLength is the length of the integer part that starts with head, or 0.
func integerLength(head byte) int {
	switch {
	case head >= 'a' && head <= 'z':
		return int(head-'a') + 2
	case head >= 'A' && head <= 'Z':
		return int('Z'-head) + 2
	}
	return 0
}

// ValidPosition reports whether s is an order key.
func ValidPosition(s string) bool {
	if s == "" || len(s) > MaxPosition || strings.Trim(s, digits) != "" {
		return false
	}
	n := integerLength(s[0])
	return n > 0 && len(s) >= n && (len(s) == n || s[len(s)-1] != '0')
}

// PositionAfter returns an order key after last, which is valid, or empty when there is none yet. After the very last key it is one
// before it: a client can choose that, and what the server chooses must be valid.
func PositionAfter(last string) string {
	if last == "" {
		return "a0"
	}
	n := integerLength(last[0])
	head, number := last[0], []byte(last[1:n])
	for i := len(number) - 1; i >= 0; i-- {
		d := strings.IndexByte(digits, number[i])
		if d < len(digits)-1 {
			number[i] = digits[d+1]
			return string(head) + string(number)
		}
		number[i] = '0'
	}
	switch {
	case head == 'z':
		return afterFraction(last, n)
	case head == 'Z':
		return "a0"
	case head > 'Z':
		return string(head+1) + string(number) + "0"
	default:
		return string(head+1) + string(number[1:])
	}
}

// afterFraction returns an order key after one with the greatest integer, of length n, so that as many more as possible fit into
// MaxPosition: with V at the end of each they would be too long after some.
func afterFraction(last string, n int) string {
	for i := n; i < len(last); i++ {
		if d := strings.IndexByte(digits, last[i]); d < len(digits)-1 {
			return last[:i] + digits[d+1:d+2]
		}
	}
	if len(last) < MaxPosition {
		return last + "1"
	}
	return "z" + strings.Repeat("0", n-1)
}
