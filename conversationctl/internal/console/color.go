package console

// Style is a color of text.
type Style string

// The styles of a terminal.
const (
	Red    Style = "\x1b[31m"
	Green  Style = "\x1b[32m"
	Yellow Style = "\x1b[33m"
	Bold   Style = "\x1b[1m"
	Dim    Style = "\x1b[2m"
)

// Paint returns text in a style if Out shows colors.
func (c *Console) Paint(style Style, text string) string { return paint(c.Color, style, text) }

// PaintErr returns text in a style if Err shows colors.
func (c *Console) PaintErr(style Style, text string) string { return paint(c.ErrColor, style, text) }

func paint(on bool, style Style, text string) string {
	if !on || text == "" {
		return text
	}
	return string(style) + text + "\x1b[0m"
}
