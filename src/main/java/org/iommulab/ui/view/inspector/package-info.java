/**
 * Every bit of the selected entry, register, descriptor or cache line: named, decoded, explained,
 * and editable by a command. May import {@code ui}, {@code ui.view.lookup}, {@code ui.view.part}
 * and the floors below.
 */
package org.iommulab.ui.view.inspector;
