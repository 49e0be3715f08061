/**
 * The laboratory without a window: subcommands, messages and exit codes. May import the floors
 * below.
 */
package org.iommulab.cli;
