/**
 * The window: menus, toolbar, panes in their places, status line, messages, palette. Knows panes
 * only through {@code LabPane} and actions only through the registry.
 */
package org.iommulab.ui.workbench;
