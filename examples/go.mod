module github.com/sinchgo/conversation/examples

go 1.26.0

require (
	github.com/sinchgo/conversation v0.0.0
	github.com/sinchgo/conversation/conversationtest v0.0.0
	github.com/stretchr/testify v1.12.1
)

require (
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/oauth2 v0.37.0 // indirect
)

replace (
	github.com/sinchgo/conversation => ../
	github.com/sinchgo/conversation/conversationtest => ../conversationtest
)
