package console

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// screen returns a console without a terminal, and what it prints.
func screen() (c *Console, out, notes *bytes.Buffer) {
	out, notes = new(bytes.Buffer), new(bytes.Buffer)
	return &Console{In: strings.NewReader(""), Out: out, Err: notes}, out, notes
}

func TestATableIsPrintedAsItsRowsCome(t *testing.T) {
	t.Parallel()
	c, out, _ := screen()
	table := c.NewTable("ID", "NAME")
	for range tablePage {
		require.NoError(t, table.Row("1", "Ada"))
	}
	assert.Equal(t, tablePage+1, strings.Count(out.String(), "\n"), "a full page is printed before the end")
	require.NoError(t, table.Row("22", ""))
	require.NoError(t, table.Close())
	assert.True(t, strings.HasPrefix(out.String(), "ID  NAME\n1   Ada\n"), out)
	assert.True(t, strings.HasSuffix(out.String(), "1   Ada\n22  -\n"), out)
}

func TestAnEmptyTablePrintsANoteOnly(t *testing.T) {
	t.Parallel()
	c, out, notes := screen()
	require.NoError(t, c.NewTable("ID").Close())
	assert.Empty(t, out.String())
	assert.Equal(t, "There are none.\n", notes.String())
}

func TestACellCannotChangeTheTerminal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":               "-",
		"Zoë 😀":          "Zoë 😀",
		"a\tb":           `"a\tb"`,
		"\x1b[31mred":    `"\x1b[31mred"`,
		"line\nline":     `"line\nline"`,
		"\u202eright":    `"\u202eright"`,
		"zero\u200bwide": `"zero\u200bwide"`,
		"c1\x9b31m":      `"c1\x9b31m"`,
		"tab\xffwriter":  `"tab\xffwriter"`,
	} {
		assert.Equal(t, want, Cell(text))
	}
}

func TestStampsAreInUTC(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "2026-01-31 11:00:00", Stamp(time.Date(2026, 1, 31, 12, 0, 0, 0, time.FixedZone("", 3600))))
	assert.Empty(t, Stamp(time.Time{}))
}

func TestJSONIsPrintedForPrograms(t *testing.T) {
	t.Parallel()
	c, out, _ := screen()
	require.NoError(t, c.PrintJSONLine(map[string]string{"a": "<&>"}))
	require.NoError(t, c.PrintJSON(map[string]string{"a": "b"}))
	assert.Equal(t, `{"a":"<&>"}`+"\n{\n  \"a\": \"b\"\n}\n", out.String()) //nolint:testifylint // The bytes matter.
}

func TestColorsAreShownOnlyWhereTheyAreOn(t *testing.T) {
	t.Parallel()
	c, _, _ := screen()
	assert.Equal(t, "bad", c.Paint(Red, "bad"))
	c.Color = true
	assert.Equal(t, "\x1b[31mbad\x1b[0m", c.Paint(Red, "bad"))
	assert.Equal(t, "bad", c.PaintErr(Red, "bad"))
	assert.Empty(t, c.Paint(Red, ""))
}

func TestAQuestionIsAnsweredByAPersonOrByYes(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]error{
		"y\n": nil, "YES\n": nil, "\tyes \n": nil,
		"n\n": ErrNotConfirmed, "\n": ErrNotConfirmed, "": ErrNotConfirmed, "yess\n": ErrNotConfirmed,
	} {
		c, _, notes := screen()
		c.Asks, c.In = true, strings.NewReader(answer)
		assert.Equal(t, want, c.Confirm(t.Context(), "This deletes the app A."), "%q", answer)
		assert.Equal(t, "This deletes the app A. Continue? [y/N] ", notes.String())
	}
	c, _, notes := screen()
	require.ErrorIs(t, c.Confirm(t.Context(), "This deletes the app A."), ErrCannotAsk)
	c.Yes = true
	require.NoError(t, c.Confirm(t.Context(), "This deletes the app A."))
	assert.Empty(t, notes.String())
}

func TestASecretNeedsATerminal(t *testing.T) {
	t.Parallel()
	c, _, _ := screen()
	_, err := c.Secret(t.Context(), "Secret")
	require.ErrorIs(t, err, ErrCannotAsk)
}

func TestProgressIsShownOnATerminalOnly(t *testing.T) {
	t.Parallel()
	for _, moves := range []bool{true, false} {
		c, _, notes := screen()
		c.Moves = moves
		bar := c.NewProgress(10, "Exporting", "contacts")
		bar.Add(5)
		bar.Add(5)
		bar.Close()
		assert.Equal(t, moves, strings.Contains(notes.String(), "Exporting"))
	}
}
