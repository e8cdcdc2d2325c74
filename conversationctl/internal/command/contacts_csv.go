package command

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
)

// contactColumns are the columns of contacts in CSV, in the order in which they are exported.
var contactColumns = []string{
	"id", "external_id", "display_name", "email", "language", "metadata", "channel_identities", "channel_priority",
}

// contactCells returns the cells of a contact, one for each of contactColumns.
func contactCells(contact *conversation.Contact) []string {
	cells := []string{
		contact.ID, contact.ExternalID, contact.DisplayName, contact.Email, string(contact.Language), contact.Metadata,
		identitiesCell(contact.ChannelIdentities), priorityCell(contact.ChannelPriority),
	}
	for i, cell := range cells {
		cells[i] = guardCell(cell)
	}
	return cells
}

// contactOfCells returns the contact of a row. A problem names the column.
func contactOfCells(columns, cells []string) (contact *conversation.Contact, problem string) {
	if len(cells) != len(columns) {
		return nil, fmt.Sprintf("has %d cells, and the header has %d: quote a cell that has a comma, a quote or a line break", len(cells), len(columns))
	}
	contact = &conversation.Contact{}
	for i, column := range columns {
		cell := unguardCell(cells[i])
		switch column {
		case "id":
			contact.ID = cell
		case "external_id":
			contact.ExternalID = cell
		case "display_name":
			contact.DisplayName = cell
		case "email":
			contact.Email = cell
		case "language":
			contact.Language = conversation.ContactLanguage(cell)
		case "metadata":
			contact.Metadata = cell
		case "channel_identities":
			contact.ChannelIdentities, problem = identitiesOfCell(cell)
		case "channel_priority":
			contact.ChannelPriority, problem = priorityOfCell(cell)
		}
		if problem != "" {
			return nil, column + ": " + problem
		}
	}
	return contact, ""
}

// checkColumns checks the header of a file. It does not show it, since a file without a header begins with a contact.
func checkColumns(columns []string) error {
	for i, column := range columns {
		switch {
		case !slices.Contains(contactColumns, column):
			return usageError("column %d of the first line is not one of %s: begin the file with a line of these names, separated by commas",
				i+1, strings.Join(contactColumns, ", "))
		case slices.Contains(columns[:i], column):
			return usageError("column %d of the first line is %s again: keep one", i+1, column)
		}
	}
	return nil
}

// Spreadsheets run a cell that begins with one of formulaStarts as a formula, so such a cell is exported with a leading
// apostrophe. A cell that begins with an apostrophe gets another one, so that the import can remove exactly what was added.
const (
	apostrophe    = "'"
	formulaStarts = "=+-@\t\r\n＝＋－＠" + apostrophe
)

func guardCell(cell string) string {
	if startsWithAny(cell, formulaStarts) {
		return apostrophe + cell
	}
	return cell
}

func unguardCell(cell string) string {
	if rest, ok := strings.CutPrefix(cell, apostrophe); ok && startsWithAny(rest, formulaStarts) {
		return rest
	}
	return cell
}

func startsWithAny(text, chars string) bool { return strings.IndexAny(text, chars) == 0 }

// cellEscapes escapes what separates the parts of a cell. url.PathUnescape is the inverse.
var cellEscapes = strings.NewReplacer("%", "%25", ";", "%3B", ":", "%3A", "@", "%40")

// identitiesCell returns identities as CHANNEL:identity or CHANNEL:identity@app_id, separated by semicolons.
func identitiesCell(identities []conversation.ChannelIdentity) string {
	entries := make([]string, len(identities))
	for i, identity := range identities {
		entries[i] = cellEscapes.Replace(string(identity.Channel)) + ":" + cellEscapes.Replace(identity.Identity)
		if identity.AppID != "" {
			entries[i] += "@" + cellEscapes.Replace(identity.AppID)
		}
	}
	return strings.Join(entries, ";")
}

func identitiesOfCell(cell string) (identities []conversation.ChannelIdentity, problem string) {
	if cell == "" {
		return nil, ""
	}
	for i, entry := range strings.Split(cell, ";") {
		channel, rest, found := strings.Cut(entry, ":")
		identity, app, _ := strings.Cut(rest, "@")
		if !found || strings.ContainsAny(identity+app, ":@") {
			return nil, fmt.Sprintf("entry %d is not CHANNEL:identity or CHANNEL:identity@app_id: write %%25, %%3B, %%3A and %%40 for a %%, ;, : and @ that is part of an identity", i+1)
		}
		parts := [3]string{strings.TrimSpace(channel), identity, app}
		for p, part := range parts {
			var err error
			if parts[p], err = url.PathUnescape(part); err != nil {
				return nil, fmt.Sprintf("entry %d has a %% that begins no escape: write %%25 for it", i+1)
			}
		}
		identities = append(identities, conversation.ChannelIdentity{Channel: conversation.Channel(parts[0]), Identity: parts[1], AppID: parts[2]})
	}
	return identities, ""
}

func priorityCell(channels []conversation.Channel) string {
	entries := make([]string, len(channels))
	for i, channel := range channels {
		entries[i] = cellEscapes.Replace(string(channel))
	}
	return strings.Join(entries, ";")
}

func priorityOfCell(cell string) (channels []conversation.Channel, problem string) {
	if cell == "" {
		return nil, ""
	}
	for i, entry := range strings.Split(cell, ";") {
		channel, err := url.PathUnescape(strings.TrimSpace(entry))
		if err != nil || channel == "" {
			return nil, fmt.Sprintf("entry %d is not a channel: separate channels by semicolons", i+1)
		}
		channels = append(channels, conversation.Channel(channel))
	}
	return channels, ""
}
