/**
 * The border between processes and kernel: error numbers, command numbers and the structures behind
 * them, each declared once with offsets. May import {@code trace}.
 */
package org.iommulab.linux.uapi;
