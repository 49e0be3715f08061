/**
 * A real program on the laboratory of the window: started, watched call by call, stopped. May
 * import {@code ui}, {@code ui.action}, {@code ui.busy}, {@code ui.settings}, {@code ui.view.part}
 * and the floors below.
 */
package org.iommulab.ui.program;
