/**
 * A real program on the laboratory of the window: started, watched call by call, stopped. May
 * import {@code ui}, {@code ui.action}, {@code ui.settings}, {@code ui.view}, {@code ui.view.part},
 * {@code peer.exec}, {@code lab}, {@code lab.language}, {@code lab.script}, {@code linux.boot} and
 * {@code linux.program}.
 */
package org.iommulab.ui.program;
