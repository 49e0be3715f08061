/**
 * What the program remembers between two starts: choices, window, recent files. One JSON file,
 * written whole or not at all. May import nothing of the laboratory.
 */
package org.iommulab.ui.settings;
