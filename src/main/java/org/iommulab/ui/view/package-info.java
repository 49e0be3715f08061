/**
 * The panes that show a laboratory: path, tables, caches, inspector, calls, registers, faults,
 * queue and memory. A pane decodes what memory and registers hold; it never asks a driver. May
 * import {@code ui.view..}, {@code ui} and {@code vtd.cache}.
 */
package org.iommulab.ui.view;
