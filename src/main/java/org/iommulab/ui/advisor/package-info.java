/**
 * The advisor's pane: what it says while one works, what shows it, and a button that mends it. May
 * import {@code ui}, {@code ui.player}, {@code ui.settings}, {@code ui.view.lookup}, {@code
 * ui.view.part}, {@code lab..}, {@code vtd.layout}, {@code vtd.tables} and {@code words}.
 */
package org.iommulab.ui.advisor;
