/**
 * A real program on the laboratory of the window: started, watched call by call, stopped. Imports
 * {@code ui}, {@code peer.exec} and the laboratory.
 */
package org.iommulab.ui.program;
