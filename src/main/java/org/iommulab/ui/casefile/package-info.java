/**
 * A case in the whole window: what the log says, why, and the walk with what to do about it. Borrows
 * panes of the workbench. May import {@code acpi}, {@code bus}, {@code course}, {@code evidence},
 * {@code lab}, {@code ui} and {@code vtd}.
 */
package org.iommulab.ui.casefile;
