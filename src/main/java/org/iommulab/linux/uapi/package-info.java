/**
 * The border between processes and kernel: error numbers, command numbers and the structures behind
 * them, each declared once with offsets. Imports nothing of the laboratory.
 */
package org.iommulab.linux.uapi;
