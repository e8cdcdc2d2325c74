package command

import (
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
)

// channelFlag adds a flag for a channel. Its values are not checked: the API has more of them from time to time.
func channelFlag(cmd *cobra.Command, channel *conversation.Channel, name, usage string) {
	cmd.Flags().StringVar((*string)(channel), name, "", usage+", such as SMS or WHATSAPP")
}

// choice is a flag with one of a few values of the API's contract.
type choice struct {
	target *string
	values []string
}

func choiceFlag(cmd *cobra.Command, target *string, name, usage string, values ...string) {
	cmd.Flags().Var(choice{target, values}, name, usage+": "+strings.Join(values, ", "))
	completeFlag(cmd, name, values...)
}

// completeFlag sets the values that the completion of a flag shows.
func completeFlag(cmd *cobra.Command, name string, values ...string) {
	_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)) // It fails for an unknown flag.
}

func (c choice) String() string { return *c.target }

// Type returns the name of the value in the help.
func (choice) Type() string { return "value" }

// Set accepts the values in any case.
func (c choice) Set(value string) error {
	for _, known := range c.values {
		if strings.EqualFold(value, known) {
			*c.target = known
			return nil
		}
	}
	return errors.New("it must be " + strings.Join(c.values, " or "))
}

// moment is a flag for a time: RFC 3339, or a duration before now.
type moment struct{ target *conversation.Time }

func momentFlag(cmd *cobra.Command, target *conversation.Time, name, usage string) {
	cmd.Flags().Var(moment{target}, name, usage+": a `time` such as 2026-01-31T12:00:00Z, or how long ago it was, such as 90m or 24h")
}

func (m moment) String() string {
	if m.target.IsZero() {
		return ""
	}
	return m.target.Format(time.RFC3339)
}

// Type returns the name of the value in the help.
func (moment) Type() string { return "time" }

// Set parses a time.
func (m moment) Set(value string) error {
	if ago, err := time.ParseDuration(value); err == nil && ago >= 0 {
		*m.target = conversation.NewTime(time.Now().Add(-ago))
		return nil
	}
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return errors.New("it must be a time such as 2026-01-31T12:00:00Z, or a duration such as 24h")
	}
	*m.target = conversation.NewTime(at)
	return nil
}

// fileAppFlag adds --app to a command that has an app_id in its file.
func fileAppFlag(cmd *cobra.Command, app *string) {
	appFlag(cmd, app, "`id` of the app, if the file has no app_id")
}
