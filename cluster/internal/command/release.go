package command

import (
	"github.com/spf13/cobra"

	"taskwire.dev/cluster/internal/cluster"
	"taskwire.dev/tools/progress"
	"taskwire.dev/tools/repository"
)

func releaseCommand() *cobra.Command {
	var options cluster.ReleaseOptions
	var architectures string
	c := &cobra.Command{
		Use:   "release VERSION",
		Short: "Make a release: images with digests, one manifest, a Helm chart and a list of the content",
		Long: `Make a release of the commit that the working tree is at, in dist/VERSION:

  taskwire.yaml         everything of Taskwire, functions included, to be applied as one
  taskwire-VERSION.tgz  a Helm chart of the same objects, with the overlay's settings as its values
  images.txt            the images with their digests
  images/               the images themselves, an OCI layout; a rollback pushes from it what the registry has lost
  sbom.spdx.json        what the programs are made of, in SPDX's format, as syft reads it from them
  release.json          the commit, the overlay, the images
  SHA256SUMS            the sums of all these files

Images that the registry has of this commit, as after make deploy, are taken as they are if they run on all
architectures; the others are built. They are pushed with the tags of the commit and of VERSION. PUBLIC_URL in the
environment is where browsers find Taskwire, if not where the overlay says.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			root, err := repository.Root()
			if err != nil {
				return err
			}
			options.Root, options.Version, options.PublicURL = root, args[0], cluster.PublicURL(options.Environment)
			if options.Architectures, err = cluster.ParseArchitectures(architectures); err != nil {
				return err
			}
			if _, err := cluster.CheckRelease(c.Context(), options); err != nil {
				return err
			}
			if err := buildDashboard(c.Context(), root); err != nil {
				return err
			}
			return inside(func(report *progress.Reporter) error {
				if err := cluster.Release(c.Context(), options, report); err != nil {
					return err
				}
				report.Say("\n%s is in dist/%s. Keep that folder: a rollback needs it.", options.Version, options.Version)
				return nil
			})
		},
	}
	flags := c.Flags()
	flags.StringVar(&options.Environment, "env", cluster.Production, "overlay: production, kind or test-cluster")
	flags.StringVar(&options.Registry, "registry", "", "where images are pushed to, such as registry.example.com/you/taskwire")
	flags.StringVar(&architectures, "arch", "amd64,arm64", "architectures of the images")
	flags.BoolVar(&options.Rebuild, "rebuild", false, "build images again that the registry has of this commit")
	return c
}

func rollbackCommand() *cobra.Command {
	var options cluster.RollbackOptions
	c := &cobra.Command{
		Use:   "rollback VERSION",
		Short: "Run another release from dist/, such as an earlier one",
		Long: `Make the release in dist/VERSION run in the cluster that kubectl points to, after showing what would change.

Images that the registry has lost are pushed again from the release's folder. The database is not migrated back: a
release works with the schema of later ones until a migration takes away what it needs, and then the rollback is refused
before anything changes.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			root, err := repository.Root()
			if err != nil {
				return err
			}
			options.Root, options.Version = root, args[0]
			return inside(func(report *progress.Reporter) error {
				if err := cluster.Rollback(c.Context(), options, report); err != nil {
					return err
				}
				report.Say("\n%s runs.", options.Version)
				return nil
			})
		},
	}
	c.Flags().BoolVar(&options.Yes, "yes", false, "do not ask")
	return c
}
