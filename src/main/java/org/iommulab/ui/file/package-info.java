/**
 * Files: opened by menu, drag and drop or command line, remembered, saved, and the journal kept for
 * recovery. A file that cannot be read gives one sentence and changes nothing. May import {@code
 * ui}, {@code ui.action}, {@code ui.busy}, {@code ui.casefile}, {@code ui.player}, {@code
 * ui.settings} and the floors below.
 */
package org.iommulab.ui.file;
