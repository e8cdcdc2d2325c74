package conversation

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/wire"
)

// checker checks the arguments of one call and keeps the first problem it finds. It names fields by their JSON paths.
type checker struct {
	op       operation
	platform bool // the request is for the live platform
	limits   bool // its size is limited
	problem  error

	placeholders bool // strings may hold ${name}, as those of templates do
}

func (c *Client) checker(op operation) checker {
	platform := c.dialect == DialectPlatform
	return checker{op: op, platform: platform, limits: platform && !c.noLimitChecks}
}

func (c *checker) reject(field, reason string) {
	if c.problem == nil {
		c.problem = refuse(c.op, field, reason)
	}
}

func refuse(op operation, field, reason string) error {
	return &ArgumentError{Operation: op.name, Field: field, Reason: reason}
}

func nilContext(op operation) error {
	return refuse(op, "ctx", "is nil: pass context.Background()")
}

func nilRequest(op operation) error {
	return refuse(op, "req", "is nil: pass a request")
}

const isRequired = "is required"

func isBlank(value string) bool { return strings.TrimSpace(value) == "" }

func (c *checker) required(field, value string) {
	if isBlank(value) {
		c.reject(field, isRequired)
	}
}

// webURL requires an absolute http or https URL.
func (c *checker) webURL(field, value string) {
	if isBlank(value) {
		c.reject(field, "is empty: use an absolute http or https URL")
		return
	}
	if c.hasPlaceholder(value) {
		return
	}
	parsed, err := url.Parse(value)
	isWeb := err == nil && (parsed.Scheme == "http" || parsed.Scheme == "https") && parsed.Hostname() != ""
	if !isWeb || strings.TrimSpace(value) != value {
		c.reject(field, "is "+shownURL(value)+": use an absolute http or https URL")
	}
}

// hasPlaceholder reports whether a part of a string is filled in later.
func (c *checker) hasPlaceholder(value string) bool {
	return c.placeholders && strings.Contains(value, "${")
}

func (c *checker) optionalURL(field, value string) {
	if value != "" {
		c.webURL(field, value)
	}
}

// shownURL quotes what was to be a URL, without a user, password or query, which may be secret, and not at any length.
func shownURL(value string) string {
	const longest = 100
	value, _, _ = strings.Cut(value, "?")
	if at := strings.LastIndex(value, "@"); at >= 0 {
		value = "***" + value[at:]
	}
	if len(value) > longest {
		value = strings.ToValidUTF8(value[:longest], "") + "..."
	}
	if !strings.Contains(value, "/") { // such as tel:+15551230000
		value = redact.Mask(value)
	}
	return strconv.Quote(value)
}

// segment rejects an id that cannot be a segment of a path.
func (c *checker) segment(field, id string) {
	if problem := wire.SegmentProblem(id); problem != "" {
		c.reject(field, problem)
	}
}

// oneKind requires exactly one of the kinds of an object to be set.
func (c *checker) oneKind(field, fix string, set []string) {
	switch len(set) {
	case 0:
		c.reject(field, "has no content: "+fix)
	case 1:
	default:
		c.reject(field, "has more than one kind ("+strings.Join(set, ", ")+"): keep one")
	}
}

// recipient requires exactly one of the two forms, filled in.
func (c *checker) recipient(to Recipient) {
	switch {
	case to.ContactID == "" && to.IdentifiedBy == nil:
		c.reject("recipient", "is required: set contact_id or identified_by, with ToContact or ToChannel")
	case to.ContactID != "" && to.IdentifiedBy != nil:
		c.reject("recipient", "has both contact_id and identified_by: keep one")
	case to.ContactID != "":
		c.required("recipient.contact_id", to.ContactID)
	default:
		c.identities("recipient.identified_by.channel_identities", to.IdentifiedBy.ChannelIdentities)
	}
}

// identities requires at least one identity, each with a channel and an address.
func (c *checker) identities(field string, identities []ChannelIdentity) {
	if len(identities) == 0 {
		c.reject(field, "is empty: add at least one identity")
	}
	c.eachIdentity(field, identities)
}

func (c *checker) eachIdentity(field string, identities []ChannelIdentity) {
	for i, identity := range identities {
		if isBlank(string(identity.Channel)) {
			c.reject(element(field, i)+".channel", isRequired)
		}
		if isBlank(identity.Identity) {
			c.reject(element(field, i)+".identity", isRequired)
		}
		if c.hasNumberProblem(identity.Channel, identity.Identity) {
			c.numberProblem(element(field, i)+".identity", identity.Identity)
		}
	}
}

// hasNumberProblem reports whether an identity is not the phone number that its channel requires. The live platform accepts
// other spellings, and takes each for another person.
func (c *checker) hasNumberProblem(channel Channel, identity string) bool {
	switch channel {
	case ChannelSMS, ChannelMMS, ChannelRCS, ChannelWhatsApp, ChannelViberBM:
		return c.limits && !isBlank(identity) && phoneNumberProblem(strings.TrimPrefix(identity, "+")) != ""
	default:
		return false
	}
}

// numberProblem rejects a number. It masks it, and shows how it is written.
func (c *checker) numberProblem(field, number string) {
	problem := phoneNumberProblem(strings.TrimPrefix(number, "+"))
	c.exceeds(field, "(%q) %s, or convert it with conversation.E164", maskedShape(number), problem)
}

// maskedShape replaces the letters and digits of an identity.
func maskedShape(identity string) string {
	const longest = 30
	shape := strings.Map(func(char rune) rune {
		if unicode.IsLetter(char) || unicode.IsNumber(char) {
			return '*'
		}
		return char
	}, identity)
	if runes := []rune(shape); len(runes) > longest {
		return string(runes[:longest]) + "..."
	}
	return shape
}

// element returns the path of an element of a list.
func element(field string, i int) string {
	return field + "[" + strconv.Itoa(i) + "]"
}
