/**
 * The laboratory without a window: subcommands, messages and exit codes. Imports {@code lab} and
 * what is below it.
 */
package org.iommulab.cli;
