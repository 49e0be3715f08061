/**
 * What the program remembers between two starts: choices, window, recent files. One JSON file,
 * written whole or not at all. Imports {@code ui} only.
 */
package org.iommulab.ui.settings;
