package main

import (
	"encoding/csv"
	"fmt"
	"iter"
	"os"

	"github.com/sinchgo/conversation"
)

// person is a row of the file.
type person struct{ number, name, code string }

// recipients creates the recipients when they are sent to, so a long list costs no memory.
func recipients(people []person) iter.Seq[conversation.BatchRecipient] {
	return func(yield func(conversation.BatchRecipient) bool) {
		for _, to := range people {
			if !yield(conversation.BatchRecipient{
				Recipient:  conversation.ToChannel(conversation.ChannelSMS, to.number),
				Parameters: map[string]string{"name": to.name, "code": to.code},
			}) {
				return
			}
		}
	}
}

// readPeople reads a file of people. Without a file it returns made-up people.
func readPeople(name string, count int) ([]person, error) {
	var people []person
	if name == "" {
		for i := range count {
			people = append(people, person{number: fmt.Sprintf("1555%07d", i), name: "Ana", code: fmt.Sprintf("SUN%04d", i)})
		}
		return people, nil
	}
	file, err := os.Open(name) //nolint:gosec // The user names the file.
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	rows := csv.NewReader(file)
	rows.FieldsPerRecord = 3
	all, err := rows.ReadAll()
	if err != nil {
		return nil, err
	}
	for _, row := range all {
		people = append(people, person{number: row[0], name: row[1], code: row[2]})
	}
	return people, nil
}
