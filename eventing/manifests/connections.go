package manifests

import "strconv"

const (
	// smallConnections is PostgreSQL's default of max_connections: enough for a replica of every function.
	smallConnections = 100
	// MostConnections is what docs/operations.md asks of a server without a pooler, for all functions at scale.max.
	MostConnections = 430
	// reservedConnections are for superusers (three by default), migrations, a backup, and operators.
	reservedConnections = 10
	// publisherConnections are those of a publisher to its outbox (shared/fn/publishing).
	publisherConnections = 2
)

// checkConnections: the pools of all replicas together are within what the documentation asks of PostgreSQL.
func checkConnections(s *Set, p *problems) {
	one, most := Connections(s)
	if one > smallConnections-reservedConnections {
		p.add("Function/"+gateway, "a replica of every function opens %d connections to PostgreSQL, and max_connections of %d leaves %d",
			one, smallConnections, smallConnections-reservedConnections)
	}
	if most > MostConnections-reservedConnections {
		p.add("Function/"+gateway, "all functions at scale.max open %d connections to PostgreSQL, and max_connections of %d leaves %d",
			most, MostConnections, MostConnections-reservedConnections)
	}
}

// Connections are those of a replica of every function, and of all functions at scale.max.
func Connections(s *Set) (one, most int) {
	for _, f := range s.Functions {
		pool := connections(f)
		replicas := 1
		if f.Name == gateway {
			replicas = gateways(s)
		}
		one += pool * replicas
		if highest := f.Deploy.Options.Scale.Max; highest != nil {
			most += pool * int(*highest)
		}
	}
	return one, most
}

// connections are those of one replica.
func connections(f Function) int {
	size, found := 0, false
	total := 0
	for _, v := range f.env() {
		switch v.Name {
		case "DATABASE_URL":
			found = true
		case "DATABASE_MAX_CONNS":
			size, _ = strconv.Atoi(v.Value)
		case "OUTBOX_DATABASE_URL":
			total += publisherConnections
		}
	}
	if found {
		total += size
	}
	return total
}
