module github.com/sinchgo/conversation

go 1.26.0
