/** How sentences for people are written, whatever was in the input. Imports nothing. */
package org.iommulab.words;
