/**
 * Files: opened by menu, drag and drop or command line, remembered, saved, and the journal kept for
 * recovery. A file that cannot be read gives one sentence and changes nothing.
 */
package org.iommulab.ui.file;
