/**
 * The window: menus, toolbar, panes in their places, status line, messages, palette. Knows panes
 * only through {@code LabPane} and actions only through the registry. May import {@code ui}, {@code
 * ui.action}, {@code ui.busy}, {@code ui.export}, {@code ui.file}, {@code ui.form}, {@code
 * ui.learn}, {@code ui.player}, {@code ui.settings}, {@code ui.view.lookup}, {@code ui.view.part}
 * and the floors below.
 */
package org.iommulab.ui.workbench;
