module taskwire.dev/shared

go 1.26.0

require (
	github.com/MicahParks/jwkset v0.11.4
	github.com/MicahParks/keyfunc/v3 v3.9.1
	github.com/caarlos0/env/v11 v11.3.1
	github.com/golang-jwt/jwt/v5 v5.3.1
	github.com/google/uuid v1.6.0
	github.com/sosodev/duration v1.3.1
	github.com/teambition/rrule-go v1.8.2
	golang.org/x/time v0.15.0
)

require github.com/evanphx/json-patch/v5 v5.9.11 // indirect
