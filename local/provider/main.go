// Command provider is an OpenID provider for development and tests: the example server of github.com/zitadel/oidc, with users of any
// name. Everybody can sign in as everybody, so it must be used on one machine only.
package main

import (
	"flag"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

// password is that of every user.
const password = "provider"

// unverified begins the names of users whose address is not verified.
const unverified = "unverified-"

// users are of any name, which is their address if it is one.
type users struct{}

// GetUserByID implements storage.UserStore.
func (users) GetUserByID(id string) *storage.User {
	if id == "" {
		return nil
	}
	email := id
	if !strings.Contains(id, "@") {
		email += "@provider.example"
	}
	first, _, _ := strings.Cut(id, "@")
	return &storage.User{
		ID: id, Username: id, Password: password, FirstName: first, LastName: "Example",
		Email: email, EmailVerified: !strings.HasPrefix(id, unverified),
	}
}

// GetUserByUsername implements storage.UserStore.
func (u users) GetUserByUsername(name string) *storage.User { return u.GetUserByID(name) }

// ExampleClientID implements storage.UserStore.
func (users) ExampleClientID() string { return "service" }

func main() {
	listen := flag.String("listen", "127.0.0.1:9998", "where to listen")
	issuer := flag.String("issuer", "http://localhost:9998", "the provider's address")
	id := flag.String("client-id", "taskwire", "the client; its secret is in the environment: CLIENT_SECRET")
	redirect := flag.String("redirect", "", "the page that it sends browsers back to")
	flag.Parse()
	client := storage.WebClient(*id, os.Getenv("CLIENT_SECRET"), *redirect)
	store := storage.NewStorageWithClients(users{}, map[string]*storage.Client{*id: client})
	server := &http.Server{
		Addr: *listen, Handler: exampleop.SetupServer(*issuer, store, nil, false), ReadHeaderTimeout: 5 * time.Second,
	}
	log.Fatal(server.ListenAndServe())
}
