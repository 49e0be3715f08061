/**
 * Every bit of the selected entry, register, descriptor or cache line: named, decoded, explained,
 * and editable by a command. May import {@code bits}, {@code lab} and the doors of {@code ui}.
 */
package org.iommulab.ui.view.inspector;
