package setup

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
)

// The flags declared here hold a made-up value on the fake, and are required with -live.

// Text declares a flag that holds a string.
func (p *Program) Text(name, onFake, usage string) *string {
	value := p.Flags.String(name, "", usage+" (required with -live)")
	p.checks = append(p.checks, func() error {
		if *value == "" && p.Live {
			return missing("-"+name, usage)
		}
		if *value == "" {
			*value = onFake
		}
		return nil
	})
	return value
}

// Secret reads a secret from the environment: a flag would be visible to every user of the machine.
func (p *Program) Secret(variable, onFake, usage string) *string {
	value := new(onFake)
	p.checks = append(p.checks, func() error {
		if !p.Live {
			return nil
		}
		if *value = strings.TrimSpace(os.Getenv(variable)); *value == "" {
			return fmt.Errorf("%s is not set: %s", variable, usage)
		}
		return nil
	})
	return value
}

// Identity declares a flag that holds a channel identity.
func (p *Program) Identity(name, onFake, usage string) *conversation.ChannelIdentity {
	value := new(conversation.ChannelIdentity)
	text := p.Text(name, onFake, usage+", as `channel:identity`")
	p.checks = append(p.checks, func() (err error) {
		if *text != "" {
			*value, err = parseIdentity("-"+name, *text)
		}
		return err
	})
	return value
}

// Recipient declares -to, which may be repeated, and -contact. Exactly one of the two is required.
func (p *Program) Recipient(onFake ...string) *conversation.Recipient {
	var addresses []string
	p.Flags.Func("to", "the recipient, as `channel:identity` such as SMS:15551230000; repeat it for other channels of the same person",
		func(address string) error {
			addresses = append(addresses, address)
			return nil
		})
	contactID := p.Flags.String("contact", "", "the recipient, as the id of a contact, instead of -to")

	to := new(conversation.Recipient)
	p.checks = append(p.checks, func() error {
		switch {
		case *contactID != "" && len(addresses) > 0:
			return errors.New("-contact and -to are both set: keep one")
		case *contactID != "":
			*to = conversation.ToContact(*contactID)
			return nil
		case len(addresses) == 0 && p.Live:
			return missing("-to", "set it to the recipient, such as -to SMS:15551230000, or use -contact with the id of a contact")
		case len(addresses) == 0:
			addresses = onFake
		}
		identities := make([]conversation.ChannelIdentity, len(addresses))
		for i, address := range addresses {
			var err error
			if identities[i], err = parseIdentity("-to", address); err != nil {
				return err
			}
		}
		*to = conversation.ToChannels(identities...)
		return nil
	})
	return to
}

// Channels declares a flag that holds channels, separated by commas. It is never required.
func (p *Program) Channels(name, usage string, channels ...conversation.Channel) *[]conversation.Channel {
	text := p.Flags.String(name, ChannelList(channels), usage)
	p.checks = append(p.checks, func() error {
		channels = nil
		for channel := range strings.SplitSeq(*text, ",") {
			if channel = strings.ToUpper(strings.TrimSpace(channel)); channel != "" {
				channels = append(channels, conversation.Channel(channel))
			}
		}
		return nil
	})
	return &channels
}

// Values accepts name=value arguments after the flags. They are never required.
func (p *Program) Values(onFake map[string]string) map[string]string {
	p.takesArgs = true
	p.Flags.Usage = func() {
		fmt.Fprintf(p.Flags.Output(), "Usage of %s: flags, then name=value arguments\n", p.Flags.Name())
		p.Flags.PrintDefaults()
	}
	values := map[string]string{}
	p.checks = append(p.checks, func() error {
		for _, argument := range p.Flags.Args() {
			name, value, ok := strings.Cut(argument, "=")
			if !ok || name == "" {
				return errors.New("only name=value arguments may follow the flags")
			}
			values[name] = value
		}
		if len(values) == 0 && !p.Live {
			maps.Copy(values, onFake)
		}
		return nil
	})
	return values
}

// Names accepts known names as arguments after the flags. Without arguments, it returns all names, in order.
func (p *Program) Names(what string, known []string) *[]string {
	p.takesArgs = true
	slices.Sort(known)
	p.Flags.Usage = func() {
		fmt.Fprintf(p.Flags.Output(), "Usage of %s: flags, then %s: %s\n", p.Flags.Name(), what, strings.Join(known, " "))
		p.Flags.PrintDefaults()
	}
	chosen := &known
	p.checks = append(p.checks, func() error {
		given := p.Flags.Args()
		for _, name := range given {
			if !slices.Contains(known, name) {
				return fmt.Errorf("%q is not one of the %s: %s", name, what, strings.Join(known, " "))
			}
		}
		if len(given) > 0 {
			*chosen = given
		}
		return nil
	})
	return chosen
}

// parseIdentity parses channel:identity. Its error omits the value, which may be a phone number.
func parseIdentity(flag, text string) (conversation.ChannelIdentity, error) {
	channel, identity, _ := strings.Cut(text, ":")
	if channel == "" || identity == "" {
		return conversation.ChannelIdentity{}, errors.New(flag + " is not a channel:identity: write it like SMS:15551230000")
	}
	return conversation.ChannelIdentity{Channel: conversation.Channel(strings.ToUpper(channel)), Identity: identity}, nil
}

func missing(flag, usage string) error {
	return fmt.Errorf("%s is missing: %s", flag, strings.ReplaceAll(usage, "`", ""))
}
