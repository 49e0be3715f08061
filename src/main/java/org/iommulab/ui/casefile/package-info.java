/**
 * A case in the whole window: what the log says, why, and the walk with what to do about it.
 * Borrows panes of the workbench. May import {@code ui}, {@code ui.action}, {@code ui.busy}, {@code
 * ui.view.part}, {@code ui.view.path}, {@code ui.view.ranges} and the floors below.
 */
package org.iommulab.ui.casefile;
