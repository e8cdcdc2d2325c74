package conversation

import (
	"fmt"
	"unicode/utf8"

	"github.com/sinchgo/conversation/internal/wire"
)

// This file limits sizes as the live platform does. openapi.yaml states no limits.

// Limits that several requests share.
const (
	maxMetadata             = 1024 // characters
	maxConversationMetadata = 2048 // characters, as JSON
	maxCorrelationID        = 128  // characters
)

// exceeds rejects a field for its size.
func (c *checker) exceeds(field, format string, args ...any) {
	c.reject(field, fmt.Sprintf(format, args...)+" (WithoutLimitChecks turns this check off)")
}

// length limits the number of characters of a string. The length of one with placeholders is known when they are filled in.
func (c *checker) length(field, value string, most int) {
	if !c.limits || c.hasPlaceholder(value) {
		return
	}
	if count := utf8.RuneCountInString(value); count > most {
		c.exceeds(field, "has %d characters: the platform accepts at most %d", count, most)
	}
}

// lengthAsJSON limits the number of characters of a value as JSON. A value that cannot be encoded is found when the
// request is.
func (c *checker) lengthAsJSON(field string, value any, most int) {
	if !c.limits {
		return
	}
	if encoded, err := wire.EncodeJSON(value); err == nil {
		c.length(field, string(encoded), most)
	}
}

// count limits the number of items of a list.
func (c *checker) count(field string, items, most int) {
	if c.limits && items > most {
		c.exceeds(field, "has %d items: the platform accepts at most %d", items, most)
	}
}

// least requires a list to have some items.
func (c *checker) least(field string, items, least int) {
	if c.limits && items < least {
		c.exceeds(field, "has %d items: the platform requires at least %d", items, least)
	}
}

// number limits a number. Zero is an unset number.
func (c *checker) number(field string, number int, least, most int64) {
	c.amount(field, int64(number), least, most)
}

// amount is number for amounts of money.
func (c *checker) amount(field string, number, least, most int64) {
	if c.limits && number != 0 && (number < least || number > most) {
		c.exceeds(field, "is %d: the platform accepts %d to %d", number, least, most)
	}
}

// orZero returns what a pointer leads to, or the zero value.
func orZero[T any](pointer *T) T {
	if pointer == nil {
		return *new(T)
	}
	return *pointer
}
