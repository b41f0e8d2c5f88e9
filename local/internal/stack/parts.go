package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"taskwire.dev/local/internal/broker"
	"taskwire.dev/local/internal/build"
	"taskwire.dev/local/internal/install"
	"taskwire.dev/local/internal/postgres"
	"taskwire.dev/local/internal/proc"
	"taskwire.dev/local/internal/redis"
	"taskwire.dev/local/internal/sidecar"
	"taskwire.dev/local/internal/supervise"
	"taskwire.dev/tools/frontend"
	"taskwire.dev/tools/function"
)

// compile builds everything concurrently; the builder limits how much runs at once.
func (s *Stack) compile(ctx context.Context, b *build.Builder) error {
	group, ctx := errgroup.WithContext(ctx)
	assign := func(into *string, work func() (string, error)) {
		group.Go(func() (err error) {
			*into, err = work()
			return err
		})
	}
	assign(&s.daprd, func() (string, error) { return b.Daprd(ctx) })
	assign(&s.migrate, func() (string, error) { return b.Command(ctx, "migrate", "migrations", "./cmd/migrate") })
	assign(&s.taskwire, func() (string, error) { return b.Command(ctx, "taskwire", "functions/outbox-relay", "./cmd/taskwire") })
	switch {
	case s.options.KafkaBrokers != "":
	case s.options.Apache:
		assign(&s.kafkaJars, func() (string, error) { return b.Kafka(ctx) })
	default:
		assign(&s.broker, func() (string, error) { return b.Command(ctx, "broker", "local/broker", ".") })
	}
	if s.catchesMail() {
		assign(&s.mailpitBinary, func() (string, error) { return b.Mailpit(ctx) })
	}
	if s.signsInElsewhere() {
		assign(&s.providerBinary, func() (string, error) { return b.Provider(ctx) })
	}
	if s.options.Observe {
		assign(&s.victoriaMetrics, func() (string, error) { return b.VictoriaMetrics(ctx) })
		assign(&s.vmalert, func() (string, error) { return b.VMAlert(ctx) })
		assign(&s.jaeger, func() (string, error) { return b.Jaeger(ctx) })
	}
	dashboard, others := function.Split(s.functions, "dashboard")
	group.Go(func() error { return b.Functions(ctx, others) })
	group.Go(func() error {
		if len(dashboard) == 0 || s.options.Built {
			return nil
		}
		err := b.Frontend().Build(ctx)
		if errors.Is(err, frontend.ErrNoNode) {
			b.Report.Say("  ! No Node.js: a page that says so stands in for the dashboard")
		} else if err != nil {
			return err
		}
		return b.Functions(ctx, dashboard)
	})
	return group.Wait()
}

// infrastructure starts the servers, or uses existing ones, and prepares schema and topics.
func (s *Stack) infrastructure(ctx context.Context) error {
	var parts []supervise.Part
	database, err := s.database(ctx, &parts)
	if err != nil {
		return err
	}
	if err := s.cache(&parts); err != nil {
		return err
	}
	if err := s.eventLog(ctx, &parts); err != nil {
		return err
	}
	if err := s.observe(&parts); err != nil {
		return err
	}
	if err := s.catchMail(&parts); err != nil {
		return err
	}
	if err := s.provideIdentities(&parts); err != nil {
		return err
	}
	if err := s.ensure(ctx, "Start "+partNames(parts), parts...); err != nil {
		return err
	}
	if err := s.resolveValues(); err != nil {
		return err
	}
	if database != nil {
		password, err := s.secrets.Password("database-owner")
		if err != nil {
			return err
		}
		if err := database.Provide(ctx, password); err != nil {
			return fmt.Errorf("prepare the database: %w", err)
		}
	}
	if err := s.report.Do("Migrate the database", func() error { return s.migrateSchema(ctx) }); err != nil {
		return err
	}
	return s.report.Do("Create the topics", func() error { return s.createTopics(ctx) })
}

func (s *Stack) database(ctx context.Context, parts *[]supervise.Part) (*postgres.Server, error) {
	if s.options.DatabaseURL != "" {
		s.ownerURL = s.options.DatabaseURL
		return nil, nil
	}
	data := filepath.Join(s.profile.Dir(), "pg")
	bin, err := install.PostgresBinFor(data)
	if err != nil {
		return nil, err
	}
	superuser, err := s.secrets.Password("database-superuser")
	if err != nil {
		return nil, err
	}
	owner, err := s.secrets.Password("database-owner")
	if err != nil {
		return nil, err
	}
	server := &postgres.Server{
		Bin: bin, Data: data, Port: s.profile.PostgresPort(),
		Log: s.log("postgres"), Password: superuser, MaxConnections: 200,
	}
	if err := server.Open(ctx); err != nil {
		return nil, err
	}
	s.ownerURL = server.URL(postgres.Owner, owner, postgres.Database)
	s.databaseSocket = server.SocketDir()
	s.superuserURL = server.URL(postgres.Superuser, superuser, "postgres")
	*parts = append(*parts, server.Part())
	return server, nil
}

func (s *Stack) cache(parts *[]supervise.Part) error {
	if s.options.RedisURL != "" {
		s.redisURL = s.options.RedisURL
		return nil
	}
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		return err
	}
	password, err := s.secrets.Password("redis")
	if err != nil {
		return err
	}
	server := redis.Server{
		Binary: binary, Dir: filepath.Join(s.profile.Dir(), "redis"), Port: s.profile.RedisPort(),
		Password: password, Log: s.log("redis"),
	}
	part, err := server.Part()
	if err != nil {
		return err
	}
	s.redisURL = server.URL()
	*parts = append(*parts, part)
	return nil
}

// eventLog chooses the broker: an existing one, Apache's, or the embedded one.
func (s *Stack) eventLog(ctx context.Context, parts *[]supervise.Part) error {
	if s.options.KafkaBrokers != "" {
		s.brokers = s.options.KafkaBrokers
		return nil
	}
	part, address, err := s.localBroker(ctx)
	if err != nil {
		return err
	}
	s.brokers = address
	*parts = append(*parts, part)
	return nil
}

func (s *Stack) localBroker(ctx context.Context) (part supervise.Part, address string, err error) {
	if !s.options.Apache {
		server := broker.Embedded{
			Binary: s.broker, Data: filepath.Join(s.profile.Dir(), "broker"), Port: s.profile.BrokerPort(),
			Advertised: s.through(s.profile.BrokerPort()), Log: s.log("broker"),
		}
		part, err = server.Part()
		return part, server.Address(), err
	}
	java, err := exec.LookPath("java")
	if err != nil {
		return part, "", err
	}
	server := broker.Apache{
		Java: java, Jars: s.kafkaJars, Logging: filepath.Join(s.profile.Root, "local", "kafka", "log4j2.xml"),
		Data: filepath.Join(s.profile.Dir(), "kafka"), Port: s.profile.BrokerPort(),
		ControllerPort: s.profile.ControllerPort(), Log: s.log("broker"),
	}
	part, err = server.Part(ctx)
	return part, server.Address(), err
}

// migrateSchema runs the migrations as the owner and sets the roles' passwords.
func (s *Stack) migrateSchema(ctx context.Context) error {
	env := []string{"PATH=/usr/bin:/bin", "DATABASE_URL=" + s.ownerURL}
	for role, variable := range roles {
		password, err := s.secrets.Password("database-" + role)
		if err != nil {
			return err
		}
		env = append(env, variable+"="+password)
	}
	for _, step := range []string{"up", "passwords"} {
		command := exec.CommandContext(ctx, s.migrate, step)
		command.Env = env
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("migrate %s: %w\n%s", step, err, output)
		}
	}
	return nil
}

// applications starts the functions and their sidecars together: each waits for the other.
func (s *Stack) applications(ctx context.Context) error {
	if err := s.writeDaprSecrets(); err != nil {
		return err
	}
	var functions, sidecars []supervise.Part
	components, err := s.componentsRevision()
	if err != nil {
		return err
	}
	for _, i := range s.instances() {
		part, err := s.functionPart(i)
		if err != nil {
			return err
		}
		functions = append(functions, part)
		if car, ok := s.sidecar(i); ok {
			name := i.name() + "-dapr"
			sidecars = append(sidecars, car.Part(name, sidecar.Place{
				Daprd: s.daprd, Root: s.profile.Root, Dir: s.profile.Dapr(), Log: s.log(name), Revision: components,
				Collector: s.collector(),
			}, s.valuesFor(i)))
		}
	}
	if err := s.writeValues(); err != nil {
		return err
	}
	all := append(functions, sidecars...)
	if len(all) > 0 {
		restorer, err := s.topicRestorer()
		if err != nil {
			return err
		}
		all = append(all, restorer)
		title := fmt.Sprintf("Start %d functions and %d sidecars", len(functions), len(sidecars))
		if err := s.ensure(ctx, title, all...); err != nil {
			return err
		}
	}
	return s.client.Prune(ctx, s.names)
}

func (s *Stack) functionPart(i instance) (supervise.Part, error) {
	values := s.valuesFor(i)
	env, err := i.Resolve(values)
	if err != nil {
		return supervise.Part{}, err
	}
	env = append(env,
		"PATH=/usr/bin:/bin",
		"HOME="+os.Getenv("HOME"),
		proc.GoThreads(),
		fmt.Sprintf("LISTEN_ADDRESS=127.0.0.1:%d", s.port(i)))
	if car, ok := s.sidecar(i); ok {
		env = append(env, s.linkedSidecar(i, car).FunctionEnv(values)...)
	}
	if dir := s.failpoints(i.Function); dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return supervise.Part{}, err
		}
		env = append(env, "FAILPOINT_DIR="+dir, "CLOCK_FILE="+s.clockFile())
	}
	env = append(env, s.telemetry(i)...)
	env = append(env, s.extra[i.Name]...)
	binary := filepath.Join(s.profile.Bin(), i.Name)
	revision, err := supervise.Revision(binary)
	if err != nil {
		return supervise.Part{}, err
	}
	return supervise.Part{
		Name: i.name(), Stage: 1, Path: binary, Dir: "/", Env: env, Log: s.log(i.name()), Port: s.port(i),
		Probe: s.url(i) + "/health/readiness", Grace: 20 * time.Second, Revision: revision,
	}, nil
}

// failpoints is the folder with which a test makes the function fail on purpose, in builds that support it.
func (s *Stack) failpoints(f function.Function) string {
	if !slices.Contains(s.options.Tags, "failpoint") {
		return ""
	}
	return filepath.Join(s.profile.Dir(), "failpoints", f.Name)
}

// clockFile is the file with which a test moves the clock of all functions, in builds that support it.
func (s *Stack) clockFile() string {
	if !slices.Contains(s.options.Tags, "failpoint") {
		return ""
	}
	return filepath.Join(s.profile.Dir(), "failpoints", "clock")
}

// componentsRevision changes with daprd, every file in dapr/, and the secrets that they refer to.
func (s *Stack) componentsRevision() (string, error) {
	files := []string{s.daprd, filepath.Join(s.profile.Dapr(), "secrets.json")}
	for _, pattern := range []string{"dapr/base/*.yaml", "dapr/overlays/local/*.yaml"} {
		found, err := filepath.Glob(filepath.Join(s.profile.Root, pattern))
		if err != nil {
			return "", err
		}
		files = append(files, found...)
	}
	return supervise.Revision(files...)
}

func partNames(parts []supervise.Part) string {
	names := make([]string, 0, len(parts))
	for _, part := range parts {
		names = append(names, part.Name)
	}
	return strings.Join(names, ", ")
}
